@LV-33
Feature: Status tells the battery

  Scenario: Level or warning
    Then the status of every test lock tells the battery's level or whether it is low
