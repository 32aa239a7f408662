@IP-05
Feature: Mandatory fields are present, types and lengths are right

  Scenario: Fields, over all calls of the run
    Given a guest's stay was booked
    Then every call had its mandatory fields, of the right type and length
    And no call held contact data that the partner does not declare
    And no call held an email address or a phone number that is none, or markup

  Scenario: Periods, over all calls of the run
    Given a guest's stay was booked
    Then no call asked for a period that ends before it begins, names no zone or is longer than 367 days
