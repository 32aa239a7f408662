@LV-22
Feature: Locks tell their group and location

  Scenario: Groups
    When all locks are listed
    Then the locks name their groups

  Scenario: Locations
    When all locks are listed
    Then the locks name their locations
