@IP-41
Feature: Every phone number has its country code

  Scenario: Over all calls of the run
    Given a guest's stay was booked
    And the partner sends phone numbers
    Then every phone number that reached Inlet has its country code
